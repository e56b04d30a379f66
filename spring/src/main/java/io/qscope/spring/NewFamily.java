package io.qscope.spring;

import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2DeviceCode;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.core.OAuth2UserCode;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization.Token;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;

/** The rows of an authorization that is new, or whose id nobody has yet. */
final class NewFamily {

    private final FamilyRows rows;
    private final OAuth2Authorization given;
    private final Instant now;
    private final List<Row> inserted = new ArrayList<>();
    private @Nullable String refreshTokenId;

    NewFamily(FamilyRows rows, OAuth2Authorization given, Instant now) {
        this.rows = rows;
        this.given = given;
        this.now = now;
    }

    /** @throws IllegalArgumentException naming what cannot be stored */
    UnitParts parts() {
        beforeTokens();
        tokens();
        UnitParts parts = new UnitParts();
        Row root = rows.root(given, now);
        parts.add(unit -> unit.insert(root));
        inserted.forEach(row -> parts.add(unit -> unit.insert(row)));
        return parts;
    }

    private void beforeTokens() {
        String state = FamilyRows.state(given);
        if (state != null) {
            inserted.add(rows.request(given, value(state), now));
        }
        Token<OAuth2AuthorizationCode> code = given.getToken(OAuth2AuthorizationCode.class);
        if (code != null) {
            inserted.add(rows.code(given, real(code), now));
        }
        Token<OAuth2DeviceCode> device = given.getToken(OAuth2DeviceCode.class);
        Token<OAuth2UserCode> user = given.getToken(OAuth2UserCode.class);
        if (device != null || user != null) {
            Stream.of(device, user).filter(Objects::nonNull).forEach(NewFamily::real);
            inserted.add(rows.deviceCode(given, null, null, now));
        }
    }

    private void tokens() {
        Token<OAuth2RefreshToken> refresh = given.getRefreshToken();
        if (refresh != null) {
            RefreshToken row = rows.refreshToken(given, real(refresh), null, now);
            refreshTokenId = row.id();
            inserted.add(row);
        }
        Token<OAuth2AccessToken> access = given.getAccessToken();
        if (access != null) {
            inserted.add(rows.accessToken(given, real(access), refreshTokenId, now));
        }
        Token<OidcIdToken> idToken = given.getToken(OidcIdToken.class);
        if (idToken != null) {
            inserted.add(rows.idToken(given, real(idToken), now));
        }
    }

    /** An authorization that was removed has placeholders: it is not to come back with them. */
    private static <T extends OAuth2Token> Token<T> real(Token<T> token) {
        value(token.getToken().getTokenValue());
        return token;
    }

    private static String value(String value) {
        TokenChanges.refusePlaceholder(value);
        return value;
    }
}
