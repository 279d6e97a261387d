CREATE OR REPLACE FUNCTION public.sold_out(p_event public.events) RETURNS public.refusal
LANGUAGE sql IMMUTABLE AS
$$
    SELECT public.refuse(
        'EB201',
        CASE
            WHEN p_event.waiting > 0 THEN format('Others wait for the seats of event %s.', p_event.id)
            WHEN p_event.available_seats = 0 THEN format('Event %s is sold out.', p_event.id)
            WHEN p_event.available_seats = 1 THEN format('Event %s has only one seat left.', p_event.id)
            ELSE format('Event %s has only %s seats left.', p_event.id, p_event.available_seats)
        END,
        json_build_object(
            'free_seats', CASE WHEN p_event.waiting > 0 THEN 0 ELSE p_event.available_seats END,
            'waitlist', true
        ),
        'Join the waiting list: who waits is offered the seats that become free, in turn.'
    )
$$;

COMMENT ON FUNCTION public.sold_out IS
    'EB201 sold_out, always: for a caller that has found others waiting for this open event, or fewer seats free than were asked for. p_event as it is now.';
