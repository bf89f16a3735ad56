-- Fuel is left out; a line of no known product is no fuel.
WITH lines AS (
    SELECT b.household_id, b.paid FROM bought b LEFT JOIN products p USING (product_id)
     WHERE coalesce(p.department, '') <> 'FUEL'
)
SELECT count(*) FROM (SELECT household_id FROM lines GROUP BY household_id HAVING stddev_samp(paid) > 5)
