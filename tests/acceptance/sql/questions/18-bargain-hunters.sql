-- The share of a line is what was taken off of what it would have cost; lines that would have cost nothing have none.
WITH shares AS (
    SELECT household_id, 100 * loyalty_discount / (paid + loyalty_discount) AS share
      FROM bought WHERE paid + loyalty_discount <> 0
)
SELECT count(*) FROM (SELECT household_id FROM shares GROUP BY household_id HAVING avg(share) >= 20)
