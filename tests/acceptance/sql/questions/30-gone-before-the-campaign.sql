-- Memberships, not households: who got two campaigns too late counts twice.
WITH last AS (SELECT household_id, max(bought_at) AS at FROM bought GROUP BY household_id)
SELECT count(*)
  FROM campaigns m JOIN past_campaigns c USING (campaign_id) JOIN last l USING (household_id)
 WHERE l.at < c.first_day
