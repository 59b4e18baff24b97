/** The header in which a W3C trace context travels from api to workflow, activity and sandbox. */
export const TRACE_HEADER = 'traceparent';
