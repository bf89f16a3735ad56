-- Later is a later moment: what lies in one basket has one moment.
WITH lines AS (
    SELECT b.household_id, b.bought_at, b.day, p.product_category AS kind FROM bought b JOIN products p USING (product_id)
)
SELECT count(DISTINCT d.household_id)
  FROM lines d JOIN lines f ON f.household_id = d.household_id
 WHERE d.kind = 'DIAPERS & DISPOSABLES' AND f.kind = 'BABY FOODS'
   AND f.bought_at > d.bought_at AND f.day <= d.day + 30
