SELECT count(DISTINCT r.household_id)
  FROM redeemed r JOIN past_campaigns c USING (campaign_id)
 WHERE r.day >= c.first_day AND r.day <= c.first_day + 7
