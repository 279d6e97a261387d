CREATE OR REPLACE FUNCTION public.event_figures(p_event_id bigint) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS
$$
-- In seats, so that the figures add up: taken = booked - lapsed - canceled. A booking that grows counts as booked by what it
-- grew, one that shrinks as canceled. A hold lapses at its expires_at, whenever that was noticed and also if it was not yet.
-- Bookings are found by their event and changes by their booking, whatever the statistics say.
DECLARE
    v_now timestamptz := public.clock();
    v_timezone text := (
        SELECT e.timezone FROM public.events AS e WHERE e.id = p_event_id
        UNION ALL
        SELECT e.timezone FROM archive.events AS e WHERE e.id = p_event_id
    );
    v_figures json;
BEGIN
    IF v_timezone IS NULL THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;

    WITH bookings AS MATERIALIZED (
        SELECT b.id, b.status = 'pending' AND b.expires_at <= v_now AS lapsed, b.expires_at, b.seats
        FROM public.bookings AS b WHERE b.event_id = p_event_id
        UNION ALL
        SELECT b.id, false, b.expires_at, b.seats
        FROM archive.bookings AS b WHERE b.event_id = p_event_id
    ),
    changes AS (
        SELECT b.expires_at, change.*,
               coalesce(lag(change.seats) OVER (PARTITION BY change.booking_id ORDER BY change.id), 0) AS seats_before
        FROM bookings AS b
        CROSS JOIN LATERAL (
            SELECT c.* FROM public.booking_changes AS c WHERE c.booking_id = b.id
            UNION ALL
            SELECT c.* FROM archive.booking_changes AS c WHERE c.booking_id = b.id
        ) AS change
    ),
    happened AS (
        SELECT
            CASE WHEN c.reason = 'expired' AND c.to_status = 'canceled' THEN c.expires_at ELSE c.changed_at END AS at,
            CASE
                WHEN c.to_status = 'canceled' THEN 0
                WHEN coalesce(c.from_status, 'canceled') = 'canceled' THEN c.seats
                ELSE greatest(c.seats - c.seats_before, 0)
            END AS booked,
            CASE
                WHEN c.to_status <> 'confirmed' THEN 0
                WHEN c.from_status = 'confirmed' THEN greatest(c.seats - c.seats_before, 0)
                ELSE c.seats
            END AS confirmed,
            CASE WHEN c.to_status = 'canceled' AND c.reason = 'expired' THEN c.seats ELSE 0 END AS lapsed,
            CASE
                WHEN c.to_status = 'canceled' AND c.reason <> 'expired' THEN c.seats
                WHEN c.from_status = c.to_status THEN greatest(c.seats_before - c.seats, 0)
                ELSE 0
            END AS canceled,
            0 AS waited
        FROM changes AS c
        UNION ALL
        SELECT b.expires_at, 0, 0, b.seats, 0, 0 FROM bookings AS b WHERE b.lapsed
        UNION ALL
        SELECT w.created_at, 0, 0, 0, 0, w.seats FROM public.waitlist AS w WHERE w.event_id = p_event_id
    ),
    span AS (
        SELECT CASE WHEN max(at) - min(at) <= interval '3 days' THEN 'hour' ELSE 'day' END AS bucket FROM happened
    ),
    buckets AS (
        SELECT date_trunc(span.bucket, h.at, v_timezone) AS starts_at, sum(h.booked) AS booked, sum(h.confirmed) AS confirmed,
               sum(h.lapsed) AS lapsed, sum(h.canceled) AS canceled, sum(h.waited) AS waited
        FROM happened AS h CROSS JOIN span
        GROUP BY 1
    )
    SELECT json_build_object(
        'event_id', p_event_id,
        'timezone', v_timezone,
        'bucket', (SELECT bucket FROM span),
        'totals', (
            SELECT json_build_object(
                'booked', coalesce(sum(booked), 0), 'confirmed', coalesce(sum(confirmed), 0), 'lapsed', coalesce(sum(lapsed), 0),
                'canceled', coalesce(sum(canceled), 0), 'waited', coalesce(sum(waited), 0))
            FROM buckets
        ),
        'buckets', (
            SELECT coalesce(json_agg(json_build_object(
                'starts_at', public.time_in_zone(starts_at, v_timezone), 'booked', booked, 'confirmed', confirmed,
                'lapsed', lapsed, 'canceled', canceled, 'waited', waited) ORDER BY starts_at), '[]')
            FROM buckets
        )
    ) INTO v_figures;
    RETURN v_figures;
END
$$;

COMMENT ON FUNCTION public.event_figures IS
    'How an event filled, in seats: per hour (of at most three days) or day of its own zone booked, confirmed, lapsed, canceled and asked for on the waiting list, and their totals; from the history, also of an archived event, whose waiting list is gone. Buckets in which nothing happened are left out. Raises EB001 event_not_found.';
