CREATE OR REPLACE FUNCTION public.user_json(p_user public.users) RETURNS json
LANGUAGE sql STABLE AS
$$
    SELECT json_build_object(
        'id', p_user.id,
        'email', p_user.email,
        'name', p_user.name,
        'telegram_id', p_user.telegram_id,
        'role', p_user.role,
        'created_at', p_user.created_at
    )
$$;

COMMENT ON FUNCTION public.user_json IS 'A user as the API answers it.';
