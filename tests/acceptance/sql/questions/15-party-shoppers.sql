WITH december AS (
    SELECT b.household_id, max(b.paid) AS dearest
      FROM bought b LEFT JOIN products p USING (product_id)
     WHERE b.day BETWEEN '2017-12-01' AND '2017-12-31' AND p.department IN ('MEAT', 'SEAFOOD', 'DELI', 'SPIRITS')
     GROUP BY b.household_id
)
SELECT count(*) FROM december WHERE dearest >= 20 AND dearest <= 60
