-- A coupon is a code of one campaign; it may be good for many products.
SELECT count(DISTINCT r.household_id)
  FROM redeemed r
  JOIN coupons c ON c.coupon_upc = r.coupon_upc AND c.campaign_id = r.campaign_id
  JOIN products p ON p.product_id = c.product_id
 WHERE p.product_category = 'CAT FOOD' OR p.product_category = 'DOG FOODS'
