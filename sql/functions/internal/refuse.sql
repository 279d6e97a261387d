CREATE OR REPLACE FUNCTION public.refuse(
    p_sqlstate text,
    p_message text,
    p_detail json DEFAULT NULL,
    p_hint text DEFAULT NULL
) RETURNS public.refusal
LANGUAGE sql IMMUTABLE AS
$$
    SELECT ROW (p_sqlstate, p_message, p_detail, p_hint)::public.refusal
$$;

COMMENT ON FUNCTION public.refuse IS
    'A refusal, as raise_refusal raises it; p_detail is what the HTTP answer carries besides.';
