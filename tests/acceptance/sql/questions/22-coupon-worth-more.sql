SELECT count(*) FROM (
    SELECT household_id FROM bought WHERE coupon_discount > paid GROUP BY household_id HAVING count(*) >= 2
)
