CREATE OR REPLACE VIEW public.current_bookings AS
SELECT
    b.id,
    b.event_id,
    b.user_id,
    CASE WHEN lapsed THEN 'canceled' ELSE b.status END AS status,
    b.created_at,
    b.expires_at,
    b.confirmed_at,
    CASE WHEN lapsed THEN b.expires_at ELSE b.canceled_at END AS canceled_at,
    CASE WHEN lapsed THEN 'expired' ELSE b.cancel_reason END AS cancel_reason,
    b.seats,
    b.code,
    b.checked_in_at,
    b.checked_in_by
FROM public.bookings AS b
CROSS JOIN LATERAL (SELECT b.status = 'pending' AND b.expires_at <= public.clock() AS lapsed) AS law;

COMMENT ON VIEW public.current_bookings IS
    'Bookings as they count at this moment: a hold past its expires_at is canceled, whether or not it was swept.';
