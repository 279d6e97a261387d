CREATE OR REPLACE FUNCTION public.problems_of_event(p_event_id bigint, p_limit integer) RETURNS SETOF public.outbox
LANGUAGE sql STABLE AS
$$
    SELECT o.*
    FROM public.outbox AS o
    WHERE (o.state = 'failed' OR (o.state = 'waiting' AND o.last_error IS NOT NULL))
      AND (
          o.event_id = p_event_id
          OR EXISTS (SELECT FROM public.bookings AS b WHERE b.id = o.booking_id AND b.event_id = p_event_id)
      )
    ORDER BY o.id DESC
    LIMIT p_limit
$$;

COMMENT ON FUNCTION public.problems_of_event IS
    'The newest messages about the event or its bookings that failed or could not be sent yet. Reads all that are in trouble, never the others.';
