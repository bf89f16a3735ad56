-- The six months before 1 January 2018 begin with 1 July.
SELECT count(*) FROM (
    SELECT household_id FROM bought GROUP BY household_id HAVING min(day) BETWEEN '2017-07-01' AND '2018-01-01'
)
