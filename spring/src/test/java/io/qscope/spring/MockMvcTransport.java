package io.qscope.spring;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpSession;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;

/** Without a network, as many tests of Spring applications do it. What a container does with sessions is done here. */
final class MockMvcTransport implements HttpTransport {

    private static final String COOKIE = "JSESSIONID=";

    private final MockMvc mvc;
    private final Map<String, MockHttpSession> sessions = new ConcurrentHashMap<>();

    MockMvcTransport(WebApplicationContext context) {
        this.mvc = MockMvcBuilders.webAppContextSetup(context)
                .addFilters(context.getBean("springSecurityFilterChain", Filter.class))
                .build();
    }

    @Override
    public URI base() {
        return URI.create("http://localhost");
    }

    @Override
    public Answer send(Request request) {
        HttpMethod method = request.form() == null ? HttpMethod.GET : HttpMethod.POST;
        MockHttpServletRequestBuilder builder = MockMvcRequestBuilders.request(method, request.uri());
        request.headers().forEach(builder::header);
        if (request.form() != null) {
            builder.contentType(MediaType.APPLICATION_FORM_URLENCODED).content(request.form());
        }
        MockHttpSession session = sessions.get(
                request.headers().getOrDefault("Cookie", "").replaceFirst(".*" + COOKIE + "([^;]*).*", "$1"));
        if (session != null && !session.isInvalid()) {
            builder.session(session);
        }
        try {
            return answer(mvc.perform(builder).andReturn());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer answer(MvcResult result) throws Exception {
        MockHttpServletResponse response = result.getResponse();
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : response.getHeaderNames()) {
            headers.put(name, new ArrayList<>(response.getHeaders(name)));
        }
        HttpSession session = result.getRequest().getSession(false);
        if (session instanceof MockHttpSession kept) {
            sessions.put(kept.getId(), kept);
            headers.put("Set-Cookie", List.of(COOKIE + kept.getId() + "; Path=/"));
        }
        String message = response.getErrorMessage();
        return new Answer(response.getStatus(), headers, message != null ? message : response.getContentAsString());
    }
}
