package io.qscope.spring;

import io.qscope.model.Family;
import io.qscope.model.TokenDigest;
import java.util.Set;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;

/**
 * What an authorization that is saved is compared with.
 *
 * @param family the rows that it was loaded from
 * @param authorization what they say, with another instance of the id
 * @param isKnown whether it was loaded from these; else they are what is stored now, and nobody knows what the caller saw
 * @param isReplay whether it was found by a code or refresh token that had been used before
 * @param written digests that the last save of it that issued something wrote; what has none of them was made before that save
 */
record Basis(
        Family family, OAuth2Authorization authorization, boolean isKnown, boolean isReplay, Set<TokenDigest> written) {

    Basis {
        written = Set.copyOf(written);
    }

    Basis saved(Set<TokenDigest> digests) {
        return new Basis(family, authorization, isKnown, isReplay, digests);
    }
}
