-- Of several wines in the last basket with wine, the one with the greatest product number is the last.
WITH wine AS (
    SELECT b.* FROM bought b JOIN products p USING (product_id)
     WHERE p.product_category IN ('DOMESTIC WINE', 'IMPORTED WINE', 'MISC WINE')
), last AS (
    SELECT DISTINCT ON (household_id) household_id, paid FROM wine
     ORDER BY household_id, bought_at DESC, basket_id DESC, product_id DESC
)
SELECT count(*) FROM last WHERE paid > 10
