-- A shopping trip is a basket. The 60 days before 2018 begin with 2 November.
WITH pet AS (
    SELECT b.* FROM bought b JOIN products p USING (product_id) WHERE p.product_category IN ('CAT FOOD', 'DOG FOODS')
)
SELECT count(*) FROM (
    SELECT household_id FROM pet WHERE year(day) = 2017 GROUP BY household_id HAVING count(DISTINCT basket_id) >= 3
) WHERE household_id NOT IN (SELECT household_id FROM pet WHERE day BETWEEN '2017-11-02' AND '2018-01-01')
