CREATE OR REPLACE FUNCTION public.invalid_field(
    p_sqlstate text,
    p_what text,
    p_field text,
    p_wanted text
) RETURNS public.refusal
LANGUAGE sql STABLE AS
$$
    SELECT public.refuse(
        p_sqlstate,
        format('This is no %s: %s %s.', p_what, p_field, p_wanted),
        json_build_object('errors', json_build_array(json_build_object('field', p_field, 'message', p_wanted)))
    )
$$;

COMMENT ON FUNCTION public.invalid_field IS
    'Refuses a p_what, such as an event, for what its p_field holds; p_wanted says what it must be. The HTTP answer names the field.';
