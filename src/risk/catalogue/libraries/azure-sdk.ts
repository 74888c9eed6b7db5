/** The libraries of Azure. */
import type { Library } from '../library.js';

export const azureSdk: Library = {
  name: 'Azure',
  modules:
    /^(?:azure\.[\w.]+|@azure\/[\w-]+|azure_mgmt[\w.]*|azure-[\w-]+|Azure\.[\w.]+|com\.azure\.[\w.]+|github\.com\/Azure\/azure-sdk[\w./-]*)$/,
  reaches: 'service',
  examples: [
    {
      run: `python -c "from azure.mgmt.resource import ResourceManagementClient as R; R(c, s).resource_groups.begin_delete('rg')"`,
      tier: 4,
      points: 500,
    },
    {
      run: `node -e "const {SqlManagementClient} = require('@azure/arm-sql'); new SqlManagementClient(c, s).databases.beginDeleteAndWait('rg', 'srv', 'app')"`,
      tier: 4,
      points: 500,
    },
  ],
};
