-- Whoever answered no question of the survey did not answer this one either.
SELECT count(*) FROM people h LEFT JOIN demographics d ON d.household_id = h.household_id
 WHERE h.language = 'ko' AND d.marital_status IS NULL
