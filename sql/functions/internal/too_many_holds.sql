CREATE OR REPLACE FUNCTION public.too_many_holds(p_most integer) RETURNS public.refusal
LANGUAGE sql STABLE AS
$$
    SELECT public.refuse(
        'EB311',
        CASE p_most
            WHEN 1 THEN 'A hold that is not confirmed yet was made from this address, and no more than one may be at once.'
            ELSE format('%s holds that are not confirmed yet were made from this address, and no more may be at once.', p_most)
        END,
        json_build_object('max_holds', p_most),
        'Confirm or cancel one of them, or wait until one lapses.'
    )
$$;

COMMENT ON FUNCTION public.too_many_holds IS
    'EB311 too_many_holds, always: for a caller that has found p_most living holds of the client.';
