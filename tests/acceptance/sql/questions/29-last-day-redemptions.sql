SELECT count(*) FROM redeemed r JOIN past_campaigns c USING (campaign_id) WHERE r.day = c.last_day
