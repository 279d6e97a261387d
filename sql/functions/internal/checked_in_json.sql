CREATE OR REPLACE FUNCTION public.checked_in_json(p_booking public.bookings) RETURNS json
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
$$
    SELECT to_json(answer)
    FROM (SELECT (p_booking).*, (SELECT u.name FROM public.users AS u WHERE u.id = p_booking.user_id) AS user_name) AS answer
$$;

COMMENT ON FUNCTION public.checked_in_json IS 'A booking and its user''s name, as a door is answered.';
