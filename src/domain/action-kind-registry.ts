/** The built-in action kinds of the Cycles registry 0.1.26, as data. */

import type { RiskClass } from './assessment.js';

/** Which keys of an action a quota may be narrowed by (cycles-action-kinds, ActionPolicyKeySpec). */
export interface PolicyKeySpec {
  readonly host?: boolean;
  readonly recipientDomain?: boolean;
  /** What the resource is called. */
  readonly resourceType?: string;
  readonly pathPrefix?: boolean;
}

/** The version of the registry whose kinds these are. */
export const REGISTRY_VERSION = '0.1.26';

export interface ActionKind {
  readonly kind: string;
  readonly riskClass: RiskClass;
  /** Which policy keys mean something for the kind; none when left out. */
  readonly policyKeySpec?: PolicyKeySpec;
  /** A tool whose name starts with one of these belongs to the kind; compared without case. */
  readonly mcpToolPrefixes: readonly string[];
}

/** In the registry's order, which decides between overlapping prefixes; `unknown.call` is last. */
export const ACTION_KINDS: readonly ActionKind[] = [
  {
    kind: 'llm.completion',
    riskClass: 'side_effect',
    mcpToolPrefixes: ['llm_', 'chat_', 'complete_', 'openai_chat', 'anthropic_', 'generate_text'],
  },
  {
    kind: 'llm.embedding',
    riskClass: 'read_only',
    mcpToolPrefixes: ['embed_', 'embedding_', 'openai_embed', 'get_embedding', 'encode_text'],
  },
  {
    kind: 'llm.structured_output',
    riskClass: 'side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['structured_output', 'json_mode', 'function_call'],
  },
  {
    kind: 'agent.spawn',
    riskClass: 'side_effect',
    mcpToolPrefixes: ['spawn_agent', 'create_agent', 'fork_agent', 'new_agent'],
  },
  {
    kind: 'agent.delegate',
    riskClass: 'side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['delegate_', 'handoff_', 'assign_agent', 'route_to_agent'],
  },
  {
    kind: 'agent.message',
    riskClass: 'side_effect',
    mcpToolPrefixes: ['send_to_agent', 'agent_message', 'a2a_send', 'inter_agent'],
  },
  {
    kind: 'agent.human_escalation',
    riskClass: 'external_side_effect',
    policyKeySpec: { recipientDomain: true },
    mcpToolPrefixes: ['escalate_', 'human_review', 'request_approval', 'ask_human'],
  },
  { kind: 'web.search', riskClass: 'read_only', mcpToolPrefixes: ['search_', 'web_search', 'search'] },
  {
    kind: 'http.get',
    riskClass: 'read_only',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['http_get', 'fetch_url', 'get_url'],
  },
  {
    kind: 'http.post',
    riskClass: 'external_side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['http_post', 'post_url', 'call_api', 'api_call'],
  },
  {
    kind: 'http.put',
    riskClass: 'external_side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['http_put', 'http_patch', 'update_api'],
  },
  {
    kind: 'http.delete',
    riskClass: 'external_side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['http_delete', 'delete_api'],
  },
  {
    kind: 'http.graphql',
    riskClass: 'side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['graphql_', 'gql_query', 'gql_mutate'],
  },
  {
    kind: 'message.email.send',
    riskClass: 'external_side_effect',
    policyKeySpec: { host: true, recipientDomain: true },
    mcpToolPrefixes: ['send_email', 'email_', 'smtp_', 'sendgrid_'],
  },
  {
    kind: 'message.slack.post',
    riskClass: 'external_side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['slack_', 'post_slack', 'send_slack'],
  },
  {
    kind: 'message.sms.send',
    riskClass: 'external_side_effect',
    policyKeySpec: { recipientDomain: true },
    mcpToolPrefixes: ['send_sms', 'sms_', 'twilio_'],
  },
  {
    kind: 'message.chat.post',
    riskClass: 'external_side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['teams_', 'discord_', 'mattermost_', 'chat_send', 'post_message'],
  },
  {
    kind: 'db.query',
    riskClass: 'read_only',
    policyKeySpec: { resourceType: 'table' },
    mcpToolPrefixes: ['db_query', 'query_db', 'sql_query', 'select_'],
  },
  {
    kind: 'db.write',
    riskClass: 'side_effect',
    policyKeySpec: { resourceType: 'table' },
    mcpToolPrefixes: ['db_write', 'db_insert', 'db_update', 'db_delete', 'sql_write'],
  },
  {
    kind: 'db.schema_change',
    riskClass: 'high_risk',
    policyKeySpec: { resourceType: 'table' },
    mcpToolPrefixes: ['db_migrate', 'alter_table', 'create_table', 'drop_table'],
  },
  {
    kind: 'crm.record.read',
    riskClass: 'read_only',
    policyKeySpec: { resourceType: 'object_type' },
    mcpToolPrefixes: ['get_contact', 'get_lead', 'crm_read', 'salesforce_get'],
  },
  {
    kind: 'crm.record.write',
    riskClass: 'side_effect',
    policyKeySpec: { resourceType: 'object_type' },
    mcpToolPrefixes: ['create_contact', 'update_contact', 'crm_write', 'salesforce_create'],
  },
  {
    kind: 'crm.record.delete',
    riskClass: 'external_side_effect',
    policyKeySpec: { resourceType: 'object_type' },
    mcpToolPrefixes: ['delete_contact', 'crm_delete', 'salesforce_delete'],
  },
  {
    kind: 'file.read',
    riskClass: 'read_only',
    policyKeySpec: { pathPrefix: true },
    mcpToolPrefixes: ['read_file', 'file_read', 'get_file', 'open_file'],
  },
  {
    kind: 'file.write',
    riskClass: 'local_mutation',
    policyKeySpec: { pathPrefix: true },
    mcpToolPrefixes: ['write_file', 'file_write', 'create_file', 'save_file'],
  },
  {
    kind: 'file.delete',
    riskClass: 'side_effect',
    policyKeySpec: { pathPrefix: true },
    mcpToolPrefixes: ['delete_file', 'file_delete', 'remove_file'],
  },
  {
    kind: 'code.exec',
    riskClass: 'high_risk',
    policyKeySpec: { pathPrefix: true },
    mcpToolPrefixes: ['exec_', 'run_code', 'python_exec', 'bash_exec', 'js_exec'],
  },
  {
    kind: 'code.deploy',
    riskClass: 'high_risk',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['deploy_', 'code_publish', 'vercel_deploy', 'lambda_deploy'],
  },
  {
    kind: 'code.lint',
    riskClass: 'read_only',
    policyKeySpec: { pathPrefix: true },
    mcpToolPrefixes: ['lint_', 'check_code', 'type_check', 'static_analysis'],
  },
  {
    kind: 'vector.query',
    riskClass: 'read_only',
    policyKeySpec: { resourceType: 'collection' },
    mcpToolPrefixes: ['vector_search', 'similarity_search', 'pinecone_query'],
  },
  {
    kind: 'vector.upsert',
    riskClass: 'side_effect',
    policyKeySpec: { resourceType: 'collection' },
    mcpToolPrefixes: ['vector_upsert', 'embed_and_store', 'pinecone_upsert'],
  },
  {
    kind: 'vector.delete',
    riskClass: 'side_effect',
    policyKeySpec: { resourceType: 'collection' },
    mcpToolPrefixes: ['vector_delete', 'pinecone_delete', 'remove_embedding', 'delete_vectors'],
  },
  {
    kind: 'memory.read',
    riskClass: 'read_only',
    policyKeySpec: { resourceType: 'store' },
    mcpToolPrefixes: ['memory_read', 'recall_', 'retrieve_memory', 'rag_query', 'knowledge_search'],
  },
  {
    kind: 'memory.write',
    riskClass: 'local_mutation',
    policyKeySpec: { resourceType: 'store' },
    mcpToolPrefixes: ['memory_write', 'memorize_', 'store_memory', 'rag_ingest', 'knowledge_store'],
  },
  {
    kind: 'memory.delete',
    riskClass: 'side_effect',
    policyKeySpec: { resourceType: 'store' },
    mcpToolPrefixes: ['memory_delete', 'forget_', 'clear_memory', 'rag_delete'],
  },
  {
    kind: 'reasoning.plan',
    riskClass: 'side_effect',
    mcpToolPrefixes: ['plan_', 'create_plan', 'decompose_', 'reason_'],
  },
  {
    kind: 'reasoning.reflect',
    riskClass: 'side_effect',
    mcpToolPrefixes: ['reflect_', 'self_evaluate', 'critique_', 'review_output'],
  },
  {
    kind: 'calendar.read',
    riskClass: 'read_only',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['get_calendar', 'list_events', 'check_availability'],
  },
  {
    kind: 'calendar.write',
    riskClass: 'external_side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['create_event', 'update_event', 'schedule_meeting'],
  },
  {
    kind: 'payment.charge',
    riskClass: 'high_risk',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['charge_', 'payment_', 'stripe_charge', 'process_payment'],
  },
  {
    kind: 'payment.refund',
    riskClass: 'high_risk',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['refund_', 'issue_refund', 'stripe_refund'],
  },
  {
    kind: 'image.generate',
    riskClass: 'external_side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['generate_image', 'create_image', 'dalle_', 'image_gen', 'text_to_image'],
  },
  {
    kind: 'image.edit',
    riskClass: 'external_side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['edit_image', 'inpaint_', 'outpaint_', 'image_edit'],
  },
  {
    kind: 'video.generate',
    riskClass: 'high_risk',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['generate_video', 'create_video', 'text_to_video', 'runway_'],
  },
  {
    kind: 'video.transcode',
    riskClass: 'side_effect',
    policyKeySpec: { host: true, pathPrefix: true },
    mcpToolPrefixes: ['transcode_', 'encode_video', 'ffmpeg_'],
  },
  {
    kind: 'audio.generate',
    riskClass: 'external_side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['generate_audio', 'text_to_speech', 'tts_', 'elevenlabs_'],
  },
  {
    kind: 'audio.transcribe',
    riskClass: 'read_only',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['transcribe_', 'speech_to_text', 'whisper_', 'deepgram_'],
  },
  {
    kind: 'vision.analyze',
    riskClass: 'side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['analyze_image', 'vision_', 'describe_image', 'image_understand', 'gpt4v_'],
  },
  {
    kind: 'vision.ocr',
    riskClass: 'side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['ocr_', 'extract_text', 'read_document', 'document_ocr'],
  },
  {
    kind: 'vision.parse_document',
    riskClass: 'side_effect',
    policyKeySpec: { host: true, pathPrefix: true },
    mcpToolPrefixes: ['parse_document', 'extract_form', 'pdf_extract', 'document_parse', 'parse_pdf'],
  },
  {
    kind: 'social.post.create',
    riskClass: 'external_side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['post_tweet', 'create_post', 'publish_', 'tweet_', 'linkedin_post'],
  },
  {
    kind: 'social.post.delete',
    riskClass: 'external_side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['delete_post', 'delete_tweet', 'remove_post'],
  },
  {
    kind: 'social.dm.send',
    riskClass: 'external_side_effect',
    policyKeySpec: { host: true, recipientDomain: true },
    mcpToolPrefixes: ['send_dm', 'send_message', 'dm_', 'direct_message'],
  },
  {
    kind: 'notification.push.send',
    riskClass: 'external_side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['send_push', 'push_notification', 'fcm_', 'apns_', 'notify_'],
  },
  {
    kind: 'notification.webhook.trigger',
    riskClass: 'external_side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['trigger_webhook', 'send_webhook', 'webhook_notify'],
  },
  {
    kind: 'storage.upload',
    riskClass: 'side_effect',
    policyKeySpec: { host: true, pathPrefix: true },
    mcpToolPrefixes: ['upload_file', 's3_put', 'gcs_upload', 'blob_upload'],
  },
  {
    kind: 'storage.download',
    riskClass: 'read_only',
    policyKeySpec: { host: true, pathPrefix: true },
    mcpToolPrefixes: ['download_file', 's3_get', 'gcs_download', 'blob_download'],
  },
  {
    kind: 'storage.delete',
    riskClass: 'side_effect',
    policyKeySpec: { host: true, pathPrefix: true },
    mcpToolPrefixes: ['delete_object', 's3_delete', 'gcs_delete', 'blob_delete'],
  },
  {
    kind: 'document.create',
    riskClass: 'side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['create_doc', 'create_document', 'new_page', 'notion_create'],
  },
  {
    kind: 'document.edit',
    riskClass: 'side_effect',
    policyKeySpec: { host: true },
    mcpToolPrefixes: ['edit_doc', 'update_document', 'modify_page', 'notion_update', 'gdocs_edit'],
  },
  {
    kind: 'document.share',
    riskClass: 'external_side_effect',
    policyKeySpec: { host: true, recipientDomain: true },
    mcpToolPrefixes: ['share_doc', 'share_document', 'grant_access', 'set_permissions'],
  },
  { kind: 'unknown.call', riskClass: 'side_effect', mcpToolPrefixes: [] },
];
