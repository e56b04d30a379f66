package io.qscope.spring;

import io.qscope.model.AccessToken;
import io.qscope.model.Family;
import io.qscope.model.RefreshToken;
import io.qscope.model.TokenDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization.Token;

/** How the tokens of an authorization are to what they were loaded as. Values are compared by placeholder, or by digest. */
final class TokenChanges {

    /** What became of a token. */
    enum Change {
        NONE,
        SAME,
        ADDED,
        REPLACED,
        REMOVED;

        boolean isNew() {
            return this == ADDED || this == REPLACED;
        }

        boolean isGone() {
            return this == REPLACED || this == REMOVED;
        }
    }

    private final OAuth2Authorization given;
    private final OAuth2Authorization was;
    private final Family loaded;
    private final FamilyRows rows;

    TokenChanges(OAuth2Authorization given, Basis basis, FamilyRows rows) {
        this.given = given;
        this.was = basis.authorization();
        this.loaded = basis.family();
        this.rows = rows;
    }

    /**
     * What became of the token of a class.
     *
     * @param stored the digest that it was loaded with; none: there was no row
     */
    <T extends OAuth2Token> Change of(Class<T> type, TokenKind kind, @Nullable TokenDigest stored) {
        Token<T> before = was.getToken(type);
        Token<T> token = given.getToken(type);
        if (token == null) {
            return before == null ? Change.NONE : Change.REMOVED;
        }
        String value = token.getToken().getTokenValue();
        if (before == null || stored == null) {
            refusePlaceholder(value);
            return Change.ADDED;
        }
        return isSame(kind, value, before.getToken().getTokenValue(), stored) ? Change.SAME : Change.REPLACED;
    }

    /** Whether a value is the stored one. */
    boolean isSame(TokenKind kind, String value, String before, TokenDigest stored) {
        if (value.equals(before)) {
            return true;
        }
        refusePlaceholder(value);
        return rows.candidates(kind, value).stream().anyMatch(stored::sameBytes);
    }

    /** A placeholder of another row than the one that was loaded: what has it was loaded before that row was replaced. */
    static void refusePlaceholder(String value) {
        if (Placeholders.is(value)) {
            throw Refusals.changedMeanwhile();
        }
    }

    /** Whether tokens are issued: then a code that is invalidated is being redeemed. */
    boolean issueTokens() {
        AccessToken access = loaded.accessToken();
        RefreshToken refresh = loaded.refreshToken();
        return of(OAuth2AccessToken.class, TokenKind.ACCESS_TOKEN, access == null ? null : access.token())
                        .isNew()
                || of(OAuth2RefreshToken.class, TokenKind.REFRESH_TOKEN, refresh == null ? null : refresh.token())
                        .isNew();
    }

    /** Whether there were tokens before. */
    boolean followTokens() {
        return loaded.accessToken() != null || loaded.refreshToken() != null;
    }

    boolean isNewlyInvalidated(@Nullable Token<?> token) {
        return token != null && token.isInvalidated() && !wasInvalidated(token);
    }

    boolean wasInvalidated(Token<?> token) {
        Token<?> before = was.getToken(token.getToken().getClass());
        return before != null && before.isInvalidated();
    }

    /** Whether anything about it is different but its being invalidated. */
    boolean isDifferent(@Nullable Token<?> token) {
        if (token == null) {
            return false;
        }
        Token<?> before = was.getToken(token.getToken().getClass());
        return before == null || !TokenFields.of(token).isLike(TokenFields.of(before));
    }
}
