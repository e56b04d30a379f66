package io.qscope.spring;

import io.qscope.model.AccessToken;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Family;
import io.qscope.model.IdToken;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.model.TokenDigest;
import io.qscope.spring.TokenChanges.Change;
import io.qscope.spring.UnitParts.Guard;
import io.qscope.store.Grace;
import io.qscope.store.UnitOfWork;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization.Token;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;

/**
 * What has to be written for an authorization to be stored that was loaded, and changed: its differences from what it was loaded
 * from, as one unit of work. What Spring writes as a state is a transition here, which happens once whoever tries: a code that is
 * newly invalidated while tokens are issued is consumed, a refresh token that is another one is rotated.
 *
 * <p>Nothing undoes a transition: what is invalidated in the rows stays so, whatever the authorization says. For one thread and
 * one try.
 */
final class FamilySave {

    private final FamilyRows rows;
    private final OAuth2Authorization given;
    private final Basis basis;
    private final Family loaded;
    private final Family current;
    private final Set<Guard> omitted;
    private final Instant now;
    private final TokenChanges changes;

    private final UnitParts parts = new UnitParts();
    private final Set<TokenDigest> written = new HashSet<>();
    private final Set<Slot> spent = EnumSet.noneOf(Slot.class);
    private @Nullable String refreshTokenId;
    private boolean revokesFamily;
    private boolean approves;
    private boolean isIncomplete;

    /**
     * @param basis what the authorization was loaded from
     * @param current what is stored now: the same rows, or later versions of them
     * @param omitted guards that an earlier try was refused by, and that it does without
     */
    FamilySave(
            FamilyRows rows, OAuth2Authorization given, Basis basis, Family current, Set<Guard> omitted, Instant now) {
        this.rows = rows;
        this.given = given;
        this.basis = basis;
        this.loaded = basis.family();
        this.current = current;
        this.omitted = omitted;
        this.now = now;
        this.changes = new TokenChanges(given, basis, rows);
        this.refreshTokenId =
                current.refreshToken() == null ? null : current.refreshToken().id();
    }

    /**
     * Finds the differences.
     *
     * @throws IllegalArgumentException naming what cannot be stored
     */
    FamilySave compared() {
        request();
        code();
        refreshToken();
        accessToken();
        idToken();
        new DeviceCodeSave(this, rows, given, changes, loaded.deviceCode(), current.deviceCode(), now).compared();
        root();
        return this;
    }

    /** What is to be written; empty when nothing is. */
    UnitParts parts() {
        return parts;
    }

    /** The digests that the unit inserts. */
    Set<TokenDigest> written() {
        return written;
    }

    /** Whether something was left out because its row is written by a transition: to be compared once more, afterwards. */
    boolean isIncomplete() {
        return isIncomplete;
    }

    private void request() {
        AuthorizationRequest row = loaded.request();
        String state = FamilyRows.state(given);
        String before = FamilyRows.state(basis.authorization());
        if (state == null) {
            if (before != null && row != null) {
                spend(Slot.REQUEST, Guard.REQUEST, unit -> unit.consumeAuthorizationRequest(row.handle()));
            }
            return;
        }
        if (before == null || row == null) {
            TokenChanges.refusePlaceholder(state);
        } else if (changes.isSame(TokenKind.STATE, state, before, row.handle())) {
            return;
        } else {
            delete(Slot.REQUEST, row);
        }
        AuthorizationRequest added = rows.request(given, state, now);
        insert(added, added.handle());
    }

    private void code() {
        AuthorizationCode row = loaded.code();
        Token<OAuth2AuthorizationCode> token = given.getToken(OAuth2AuthorizationCode.class);
        Change change = changes.of(OAuth2AuthorizationCode.class, TokenKind.CODE, row == null ? null : row.code());
        if (change == Change.SAME && row != null && token != null) {
            if (changes.isNewlyInvalidated(token)) {
                spendCode(row);
            }
            if (changes.isDifferent(token) && isStill(Slot.CODE, row)) {
                update(rows.changed(Objects.requireNonNull(current.code()), token, changes.wasInvalidated(token), now));
            }
        }
        deleteOld(change, Slot.CODE, row);
        if (change.isNew() && token != null) {
            AuthorizationCode added = rows.code(given, token, now);
            insert(added, added.code());
        }
    }

    private void spendCode(AuthorizationCode row) {
        if (changes.issueTokens()) {
            spend(Slot.CODE, Guard.CODE, unit -> unit.consume(row.code()));
        } else if (!changes.followTokens()) {
            revokesFamily = true;
        } else {
            spendIfPossible(Slot.CODE, Guard.CODE, unit -> unit.consume(row.code()));
        }
    }

    private void refreshToken() {
        RefreshToken row = loaded.refreshToken();
        Token<OAuth2RefreshToken> token = given.getRefreshToken();
        Change change = changes.of(OAuth2RefreshToken.class, TokenKind.REFRESH_TOKEN, row == null ? null : row.token());
        if (change == Change.SAME && row != null && token != null) {
            revokesFamily |= changes.isNewlyInvalidated(token);
            if (changes.isDifferent(token) && isStill(Slot.REFRESH_TOKEN, row)) {
                update(rows.changed(
                        Objects.requireNonNull(current.refreshToken()), token, changes.wasInvalidated(token), now));
            }
        } else if (change == Change.REPLACED && row != null && token != null) {
            rotate(row, token);
        } else if (change == Change.REMOVED && row != null) {
            delete(Slot.REFRESH_TOKEN, row);
            refreshTokenId = null;
        } else if (change == Change.ADDED && token != null) {
            RefreshToken added = rows.refreshToken(given, token, null, now);
            refreshTokenId = added.id();
            insert(added, added.token());
        }
    }

    private void rotate(RefreshToken row, Token<OAuth2RefreshToken> token) {
        if (!basis.isKnown()) {
            throw Refusals.changedMeanwhile();
        }
        RefreshToken successor = rows.refreshToken(given, token, row.id(), now);
        spend(Slot.REFRESH_TOKEN, Guard.REFRESH_TOKEN, unit -> unit.rotate(row.token(), successor, Grace.NONE));
        refreshTokenId = successor.id();
        written.add(successor.token());
    }

    private void accessToken() {
        AccessToken row = loaded.accessToken();
        Token<OAuth2AccessToken> token = given.getAccessToken();
        Change change = changes.of(OAuth2AccessToken.class, TokenKind.ACCESS_TOKEN, row == null ? null : row.token());
        if (change == Change.SAME && row != null && token != null) {
            if (changes.isNewlyInvalidated(token)) {
                // Who presents what was used before gets nothing, and nobody else keeps anything (RFC 9700 §4.14.2).
                revokesFamily |= basis.isReplay();
                if (!revokesFamily) {
                    spent.add(Slot.ACCESS_TOKEN);
                    parts.add(unit -> unit.revokeAccessToken(row.token()));
                }
            }
            if (changes.isDifferent(token) && isStill(Slot.ACCESS_TOKEN, row)) {
                update(rows.changed(
                        Objects.requireNonNull(current.accessToken()), token, changes.wasInvalidated(token), now));
            }
        }
        // Spring has one access token at a time: the one before is no longer found.
        deleteOld(change, Slot.ACCESS_TOKEN, row);
        if (change.isNew() && token != null) {
            AccessToken added = rows.accessToken(given, token, refreshTokenId, now);
            insert(added, added.token());
        }
    }

    private void idToken() {
        IdToken row = loaded.idToken();
        Token<OidcIdToken> token = given.getToken(OidcIdToken.class);
        Change change = changes.of(OidcIdToken.class, TokenKind.ID_TOKEN, row == null ? null : row.token());
        if (change == Change.SAME && row != null && token != null) {
            boolean isChanged = changes.isDifferent(token) || changes.isNewlyInvalidated(token);
            if (isChanged && isStill(Slot.ID_TOKEN, row)) {
                update(rows.changed(
                        Objects.requireNonNull(current.idToken()), token, changes.wasInvalidated(token), now));
            }
        }
        deleteOld(change, Slot.ID_TOKEN, row);
        if (change.isNew() && token != null) {
            IdToken added = rows.idToken(given, token, now);
            insert(added, added.token());
        }
    }

    private void root() {
        RootChange root = new RootChange(given, basis.authorization(), current.root(), approves);
        if (revokesFamily) {
            isIncomplete |= root.isNeeded();
            parts.add(unit -> unit.revokeAuthorization(current.root().id()));
        } else if (root.isNeeded()) {
            update(root.changed(rows, now));
        }
    }

    /** Whether a row can be updated: it is still there, and no transition of this unit writes it. */
    boolean isStill(Slot slot, Row row) {
        if (spent.contains(slot) || revokesFamily) {
            isIncomplete = true;
            return false;
        }
        Row stored = slot.of(current);
        return stored != null && stored.id().equals(row.id());
    }

    void update(Row row) {
        parts.add(unit -> unit.update(row));
    }

    void insert(Row row, TokenDigest digest) {
        parts.add(unit -> unit.insert(row));
        written.add(digest);
    }

    private void deleteOld(Change change, Slot slot, @Nullable Row row) {
        if (row != null && change.isGone()) {
            delete(slot, row);
        }
    }

    void delete(Slot slot, Row row) {
        parts.add(unit -> unit.deleteById(slot.tableName(), row.id()));
    }

    /** A transition that has to be won. */
    void spend(Slot slot, Guard guard, UnaryOperator<UnitOfWork> part) {
        spent.add(slot);
        parts.add(guard, part);
    }

    /** A transition that may be lost: what it was for is the case already, or can no longer be. */
    void spendIfPossible(Slot slot, Guard guard, UnaryOperator<UnitOfWork> part) {
        if (!omitted.contains(guard)) {
            spent.add(slot);
            parts.addOptional(guard, part);
        }
    }

    void revokeFamily() {
        revokesFamily = true;
    }

    /** An approval is among the parts: it names the user on the root, too. */
    void approve() {
        approves = true;
    }
}
