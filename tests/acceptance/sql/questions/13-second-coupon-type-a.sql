-- Coupons of one day count in the order of campaign and code.
WITH numbered AS (
    SELECT *, row_number() OVER (PARTITION BY household_id ORDER BY day, campaign_id, coupon_upc) AS place FROM redeemed
)
SELECT count(*) FROM numbered n JOIN past_campaigns c USING (campaign_id) WHERE n.place = 2 AND c.campaign_type = 'Type A'
