-- Saturday is 6 and Sunday 7.
SELECT count(*) FROM (
    SELECT household_id FROM bought WHERE isodow(day) IN (6, 7)
     GROUP BY household_id HAVING count(DISTINCT basket_id) BETWEEN 30 AND 100
)
