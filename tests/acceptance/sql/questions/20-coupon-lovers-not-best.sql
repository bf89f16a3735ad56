WITH best AS (
    SELECT household_id FROM bought WHERE year(day) = 2017 GROUP BY household_id HAVING sum(paid) >= 2500
), lovers AS (
    SELECT household_id FROM redeemed GROUP BY household_id HAVING count(*) >= 5
)
SELECT count(*) FROM lovers WHERE household_id NOT IN (FROM best)
