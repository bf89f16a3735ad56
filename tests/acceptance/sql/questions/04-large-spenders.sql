-- "A lot" is 4,000 dollars; the twelve months before 1 January 2018 begin with 1 January 2017.
SELECT count(*) FROM (
    SELECT household_id FROM bought WHERE day BETWEEN '2017-01-01' AND '2018-01-01'
     GROUP BY household_id HAVING sum(paid) >= 4000
)
