CREATE OR REPLACE FUNCTION public.validate_reason(p_reason text, p_reserved text[]) RETURNS public.refusal
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF p_reason IS NULL OR length(p_reason) NOT BETWEEN 1 AND 200 OR p_reason = ANY (p_reserved) THEN
        RETURN public.refuse(
            'EB103',
            format('A reason must have 1 to 200 characters and be none of: %s.', array_to_string(p_reserved, ', ')),
            p_hint => 'Say who did it, or why.'
        );
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.validate_reason IS
    'EB103 invalid_reason if this cannot be the reason of a change, or NULL if it can; p_reserved are the words with a meaning of their own. p_reason without spaces around it.';
