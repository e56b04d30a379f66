package io.qscope.model;

import org.jspecify.annotations.Nullable;

/**
 * An authorization with the rows of its family that count now, all of one moment: of each kind the newest by {@code createdAt}, then
 * id, that was not used up. What expired or was revoked is among them, and says so.
 *
 * <p>A family that was asked for by one of its rows has that row in its kind's place, whatever is newer and whatever became of it: who
 * presents a rotated refresh token sees that it was.
 *
 * @param root the authorization
 * @param request the newest request that was not consumed
 * @param code the newest authorization code, consumed or not
 * @param deviceCode the newest device code, with its user code
 * @param accessToken the newest access token
 * @param refreshToken the newest refresh token that was not rotated
 * @param idToken the newest ID token
 */
public record Family(
        Authorization root,
        @Nullable AuthorizationRequest request,
        @Nullable AuthorizationCode code,
        @Nullable DeviceCode deviceCode,
        @Nullable AccessToken accessToken,
        @Nullable RefreshToken refreshToken,
        @Nullable IdToken idToken) {}
