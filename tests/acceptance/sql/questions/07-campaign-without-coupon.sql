SELECT count(DISTINCT m.household_id)
  FROM campaigns m JOIN past_campaigns c ON c.campaign_id = m.campaign_id
 WHERE c.campaign_type = 'Type A'
   AND NOT EXISTS (FROM redeemed r WHERE r.household_id = m.household_id AND r.campaign_id = m.campaign_id)
