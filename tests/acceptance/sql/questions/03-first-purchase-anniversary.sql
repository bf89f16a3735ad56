-- 30 to 59 days after 1 January 2018: from 31 January to 1 March. Nobody's first purchase is a 29 February.
WITH first AS (SELECT household_id, min(day) AS day FROM bought GROUP BY household_id)
SELECT count(*) FROM first WHERE day BETWEEN '2017-01-31' AND '2017-03-01'
