CREATE OR REPLACE FUNCTION public.sold_out(p_event_id bigint, p_free integer) RETURNS public.refusal
LANGUAGE sql IMMUTABLE AS
$$
    SELECT public.refuse(
        'EB201',
        CASE p_free
            WHEN 0 THEN format('Event %s is sold out.', p_event_id)
            WHEN 1 THEN format('Event %s has only one seat left.', p_event_id)
            ELSE format('Event %s has only %s seats left.', p_event_id, p_free)
        END,
        json_build_object('free_seats', p_free),
        'A held seat comes back when its hold lapses or is canceled; try again later.'
    )
$$;

COMMENT ON FUNCTION public.sold_out IS
    'EB201 sold_out, always: for a caller that has found fewer seats free than were asked for; p_free is how many.';
