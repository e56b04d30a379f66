package io.qscope.store;

import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.model.TokenDigest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Several writes that happen together or not at all, as one durable commit: a code consumed, its tokens and the audit
 * entry. Nothing is sent before {@link #commit}. For one thread; made by {@link Storage#unitOfWork}, whose attempt serves
 * all of it.
 *
 * <p>{@code consume…}, {@code rotate}, {@code approve} and {@code deny} are guards: they are judged first, in the order
 * added, and if one does not win, nothing is written and its outcome is the answer. Then the other parts happen in the
 * order added; a part may refer to rows that the unit inserts before it. A revocation is no guard. A row is written at most
 * once in a unit.
 *
 * <p>Each method adds a part, means what the method of the same name means in its table, and returns this.
 */
public interface UnitOfWork {

    /** {@link BaseTable#insert}, of a row of any table. */
    UnitOfWork insert(Row row);

    /** {@link BaseTable#update}, of a row of any table but the audit log. */
    UnitOfWork update(Row row);

    /** {@link BaseTable#deleteById}, in any table but the audit log, and but throttles, which have no ids. */
    UnitOfWork deleteById(TableName table, String id);

    /** {@link AuthorizationCodeTable#deleteByCode}. */
    UnitOfWork deleteByCode(TokenDigest code);

    /** {@link AccessTokenTable#deleteByToken}. */
    UnitOfWork deleteByToken(TokenDigest accessToken);

    /** {@link AuthorizationCodeTable#consume}: a guard. */
    UnitOfWork consume(TokenDigest code);

    /** {@link DeviceCodeTable#consume}: a guard. */
    UnitOfWork consumeDeviceCode(TokenDigest deviceCode);

    /** {@link AuthorizationRequestTable#consume}: a guard. */
    UnitOfWork consumeAuthorizationRequest(TokenDigest handle);

    /** {@link RefreshTokenTable#rotate}: a guard. */
    UnitOfWork rotate(TokenDigest token, RefreshToken successor, Grace grace);

    /** {@link DeviceCodeTable#approve}: a guard. */
    UnitOfWork approve(TokenDigest userCode, String userId);

    /** {@link DeviceCodeTable#deny}: a guard. */
    UnitOfWork deny(TokenDigest userCode);

    /** {@link DeviceCodeTable#poll}: no guard. */
    UnitOfWork poll(TokenDigest deviceCode);

    /** {@link AuthorizationTable#revoke}. */
    UnitOfWork revokeAuthorization(String id);

    /** {@link AuthorizationTable#revokeByClient}. */
    UnitOfWork revokeByClient(String clientId);

    /** {@link AuthorizationTable#revokeByUser}. */
    UnitOfWork revokeByUser(String userId);

    /** {@link AccessTokenTable#revoke}. */
    UnitOfWork revokeAccessToken(TokenDigest token);

    /** {@link RefreshTokenTable#revoke}. */
    UnitOfWork revokeRefreshToken(TokenDigest token);

    /** {@link ConsentTable#revoke}. */
    UnitOfWork revokeConsent(String id);

    /** {@link ThrottleTable#count}: no guard. */
    UnitOfWork count(TokenDigest key, Duration window);

    /** {@link ThrottleTable#uncount}: no guard. */
    UnitOfWork uncount(TokenDigest key);

    /** {@link AccessTokenTable#revokeOldest}. */
    UnitOfWork revokeOldestAccessTokens(String clientId, @Nullable String userId, int keep);

    /** {@link RefreshTokenTable#revokeOldest}. */
    UnitOfWork revokeOldestRefreshTokens(String clientId, @Nullable String userId, int keep);

    /**
     * Commits, once.
     *
     * <p>Repeat: a unit made anew with the same attempt and the same rows, one of whose guards that attempt won before, is
     * answered as committed, and nothing is written again; a row that it should have inserted and that is missing or another
     * is an {@link InvalidRowException}. A unit without a guard is not repeatable. Concurrency: as its parts; what others
     * see is before or after, never between.
     *
     * @return {@code Committed}, or {@code Refused} with the first guard that did not win; fails, and then nothing is
     *     written, with what the first failing part fails with, naming the part; before any of that is judged, with {@link
     *     InvalidRowException} when the unit is empty, names a row twice, has an argument out of its bounds, or was committed
     *     before
     */
    CompletableFuture<UnitOutcome> commit(RayId rayId);
}
