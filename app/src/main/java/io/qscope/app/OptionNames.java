package io.qscope.app;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options by what the library calls the same: its refusals begin with the name of the field that they are about. */
final class OptionNames {

    private static final Pattern FIELD = Pattern.compile("\\A(?:config\\.)?(\\w+)\\b");

    private static final Map<String, String> OPTIONS = Map.ofEntries(
            Map.entry("clientIdentifier", "--client-id"),
            Map.entry("chosenSecret", "--secret"),
            Map.entry("redirectUris", "--redirect-uri"),
            Map.entry("grantTypes", "--grant"),
            Map.entry("scopes", "--scope"),
            Map.entry("requirePkce", "--require-pkce"),
            Map.entry("pkceMethods", "--pkce-method"),
            Map.entry("accessTokenTtl", "--access-token-ttl"),
            Map.entry("refreshTokenTtl", "--refresh-token-ttl"),
            Map.entry("authorizationCodeTtl", "--code-ttl"),
            Map.entry("deviceCodeTtl", "--device-code-ttl"),
            Map.entry("devicePollInterval", "--device-interval"),
            Map.entry("maxActiveAccessTokens", "--max-access-tokens"),
            Map.entry("maxActiveRefreshTokens", "--max-refresh-tokens"),
            Map.entry("overlap", "--overlap"),
            Map.entry("before", "--before"),
            Map.entry("userId", "USER"),
            Map.entry("rayId", "a ray id"),
            Map.entry("by", "--by"));

    private OptionNames() {}

    /** A refusal in the command's words. */
    static String in(String refusal) {
        Matcher field = FIELD.matcher(refusal);
        String option = field.find() ? OPTIONS.get(field.group(1)) : null;
        return option == null ? refusal : option + refusal.substring(field.end());
    }
}
