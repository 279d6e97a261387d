CREATE OR REPLACE FUNCTION public.get_booking_owner(p_booking_id bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    SELECT user_id FROM public.bookings WHERE id = p_booking_id AND created_at >= public.owned_since(user_id)
$$;

COMMENT ON FUNCTION public.get_booking_owner IS
    'The id of the booking''s user, for deciding who may see and change it; NULL while the booking is older than an account whose email is not proven, and where there is no such booking, so that nobody learns which there are.';
