-- One of Type A and one of Type B, and nothing else, of the campaigns that began since September.
WITH got AS (
    SELECT m.household_id, list(c.campaign_type ORDER BY c.campaign_type) AS types
      FROM campaigns m JOIN past_campaigns c USING (campaign_id) WHERE c.first_day >= '2017-09-01'
     GROUP BY m.household_id
)
SELECT count(*) FROM got WHERE types = ['Type A', 'Type B']
