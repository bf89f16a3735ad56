-- Ice cream in July and August, two pieces or more in one line, and never a frozen pizza in those months.
WITH summer AS (
    SELECT b.household_id, b.quantity, p.product_category AS kind FROM bought b JOIN products p USING (product_id)
     WHERE b.day BETWEEN '2017-07-01' AND '2017-08-31'
)
SELECT count(*) FROM (
    SELECT DISTINCT household_id FROM summer WHERE kind IN ('ICE CREAM/MILK/SHERBTS', 'FRZN NOVELTIES/WTR ICE') AND quantity >= 2
    EXCEPT
    SELECT household_id FROM summer WHERE kind = 'FROZEN PIZZA' AND quantity >= 1
)
