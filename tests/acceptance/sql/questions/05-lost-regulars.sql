-- Regular: trips in at least ten weeks up to the end of June. November and December belong to "since November".
WITH regular AS (
    SELECT household_id FROM bought WHERE day <= '2017-06-30' GROUP BY household_id HAVING count(DISTINCT week) >= 10
), back AS (
    SELECT household_id FROM bought WHERE day >= '2017-11-01' GROUP BY household_id HAVING count(DISTINCT basket_id) >= 3
), young AS (
    SELECT household_id FROM demographics WHERE age = '19-24'
)
SELECT count(*) FROM regular
 WHERE household_id NOT IN (FROM back) AND household_id NOT IN (FROM young)
