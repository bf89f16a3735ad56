SELECT count(*) FROM (
    SELECT b.household_id FROM bought b JOIN products p USING (product_id)
     WHERE p.product_type ILIKE '%organic%' OR p.product_category ILIKE '%organic%'
     GROUP BY b.household_id HAVING count(*) >= 10
)
