-- What every answer may read beside the files: purchases by the clocks of New York and in cents, and all households.
CREATE VIEW bought AS
    SELECT household_id, store_id, basket_id, product_id, quantity, week,
           sales_value::DECIMAL(12, 2) AS paid,
           retail_disc::DECIMAL(12, 2) AS loyalty_discount,
           coupon_disc::DECIMAL(12, 2) AS coupon_discount,
           timezone('America/New_York', timezone('UTC', transaction_timestamp)) AS bought_at,
           CAST(timezone('America/New_York', timezone('UTC', transaction_timestamp)) AS DATE) AS day
      FROM transactions;
CREATE VIEW redeemed AS
    SELECT household_id, coupon_upc, campaign_id, redemption_date::DATE AS day FROM coupon_redemptions;
CREATE VIEW past_campaigns AS
    SELECT campaign_id, campaign_type, start_date::DATE AS first_day, end_date::DATE AS last_day
      FROM campaign_descriptions;
