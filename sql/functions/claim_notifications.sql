CREATE OR REPLACE FUNCTION public.claim_notifications(p_limit integer, p_lease interval) RETURNS TABLE (
    id bigint,
    claim uuid,
    attempts integer,
    kind text,
    chat_id text,
    booking_id bigint,
    expires_at timestamptz,
    event_name text,
    event_date timestamptz
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- Only a user's oldest waiting message can be claimed: so a user's messages keep their order, whatever becomes of one
-- of them and however many notifiers are at work. A notifier that dies settles nothing, and its lease runs out.
DECLARE
    v_now timestamptz := public.clock();
    v_claim uuid := gen_random_uuid();
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (  -- scanned twice it would lease more than p_limit
        SELECT o.id
        FROM public.outbox AS o
        WHERE o.state = 'waiting' AND o.due_at <= v_now
          AND NOT EXISTS (
              SELECT FROM public.outbox AS earlier
              WHERE earlier.user_id = o.user_id AND earlier.state = 'waiting' AND earlier.id < o.id
          )
        ORDER BY o.due_at, o.id
        LIMIT p_limit
        FOR UPDATE OF o SKIP LOCKED
    ), claimed AS (
        UPDATE public.outbox AS o
        SET due_at = v_now + p_lease, attempts = o.attempts + 1, claim = v_claim
        FROM due
        WHERE o.id = due.id
        RETURNING o.*
    )
    SELECT c.id, c.claim, c.attempts, c.kind, u.telegram_id, b.id, b.expires_at, e.name, e.date
    FROM claimed AS c
    JOIN public.users AS u ON u.id = c.user_id
    JOIN public.bookings AS b ON b.id = c.booking_id
    JOIN public.events AS e ON e.id = b.event_id
    ORDER BY c.id;
END
$$;

COMMENT ON FUNCTION public.claim_notifications(integer, interval) IS
    'Leases up to p_limit due messages, at most one a user, to the caller for p_lease. Settle each with acknowledge_notification, retry_notification or fail_notification.';
