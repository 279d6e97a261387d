CREATE OR REPLACE FUNCTION public.add_nobody(p_by text) RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
    INSERT INTO public.users (id, email, name, created_at, erased_at, erased_by)
    SELECT made.id, format('erased-%s@erased.invalid', made.id), 'erased', now.at, now.at, p_by
    FROM nextval('public.users_id_seq') AS made (id)
    CROSS JOIN (SELECT public.clock() AS at) AS now
    RETURNING id
$$;

COMMENT ON FUNCTION public.add_nobody IS
    'Adds a user that stands for nobody, as one whom erase_user left: for bookings whose person is to be known no longer.';
