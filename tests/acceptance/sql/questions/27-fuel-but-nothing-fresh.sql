-- The thirty days before 1 January 2018 begin with 2 December.
WITH recent AS (
    SELECT b.household_id, p.department FROM bought b JOIN products p USING (product_id)
     WHERE b.day BETWEEN '2017-12-02' AND '2018-01-01'
)
SELECT count(*) FROM (
    SELECT household_id FROM recent WHERE department = 'FUEL'
    EXCEPT SELECT household_id FROM recent WHERE department IN ('PRODUCE', 'MEAT', 'SEAFOOD')
)
