SELECT count(*) FROM (
    SELECT b.household_id FROM bought b JOIN products p ON p.product_id = b.product_id
     WHERE p.brand = 'National' AND p.department = 'GROCERY'
     GROUP BY b.household_id HAVING count(DISTINCT p.manufacturer_id) >= 100
)
