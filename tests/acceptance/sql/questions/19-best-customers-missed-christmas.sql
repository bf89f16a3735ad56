-- The two weeks before 1 January 2018 begin with 18 December. The audience of best customers was saved of those who spent 2,500 dollars or more in 2017.
WITH best AS (
    SELECT household_id FROM bought WHERE year(day) = 2017 GROUP BY household_id HAVING sum(paid) >= 2500
)
SELECT count(*) FROM best
 WHERE household_id NOT IN (SELECT household_id FROM bought WHERE day BETWEEN '2017-12-18' AND '2018-01-01')
