WITH spent AS (
    SELECT household_id,
           coalesce(sum(paid) FILTER (WHERE day BETWEEN '2017-07-01' AND '2017-09-30'), 0) AS summer,
           coalesce(sum(paid) FILTER (WHERE day BETWEEN '2017-10-01' AND '2017-12-31'), 0) AS autumn
      FROM bought GROUP BY household_id
)
SELECT count(*) FROM spent WHERE summer >= 500 AND autumn < 300
